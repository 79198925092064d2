// Defines the form of a catalogue, which every file of texts in another language has.

/** English text -> the same in another language. Keys are written on one line; `{name}` stands for a value. */
export type Catalogue = Readonly<Record<string, string>>
