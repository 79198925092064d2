// Takes apart what read.pl prints: for each namespace, its sections in the order in which they were read.

export type Section = { readonly title: string; readonly text: string }

/** By the namespace's path. A character that stands in no name and no answer begins a section's title. */
export function sectionsOf(output: string): ReadonlyMap<string, readonly Section[]> {
  const nodes = new Map<string, Section[]>()
  let current: Section[] = []
  for (const part of output.split('\u001E').slice(1)) {
    const end = part.indexOf('\n')
    const title = part.slice(0, end)
    if (title.startsWith('node ')) nodes.set(title.slice('node '.length), (current = []))
    else current.push({ title, text: part.slice(end + 1) })
  }
  return nodes
}
