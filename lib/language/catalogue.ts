// Defines the form of a catalogue: the default export of every file with texts in another language.

/** Maps each English text to its translation. Keys are written on one line; `{name}` stands for a value. */
export type Catalogue = Readonly<Record<string, string>>
