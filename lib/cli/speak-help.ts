// The words of `--help`, also commander's own, looked up in the reader's language: the code speaks English.
import { Help, type Command } from 'commander'
import stringWidth from 'string-width'
import type { Translate } from '../language/translate.ts'
import { wrapped } from '../language/wrap.ts'

const columns = 80

const usual = new Help()

export function speakHelp(program: Command, translate: Translate, after?: string): void {
  // Behind a description stand the choices and what holds without the option.
  const described = (text: string, description: string) =>
    translate(description) +
    text
      .slice(description.length)
      .replace(/(?<=\(|, )(choices|default)(?=: )/g, (word) => translate(word))
  program.helpOption('-h, --help', 'show this help').configureHelp({
    styleTitle: (title) => translate(title),
    commandDescription: (command) => translate(command.description()),
    argumentDescription: (argument) =>
      described(usual.argumentDescription(argument), argument.description),
    optionDescription: (option) => described(usual.optionDescription(option), option.description),
    displayWidth: stringWidth,
    boxWrap: (text, width) => wrapped(text, width),
  })
  if (after !== undefined) program.addHelpText('after', `\n${wrapped(after, columns)}`)
}
