// The help of the learners' programs in their language: the code speaks English, and commander's own words are looked up, too.
import { Help, type Command } from 'commander'
import stringWidth from 'string-width'
import { chooseLanguage } from '../language/choose.ts'
import { languages, type Language, type Translate } from '../language/translate.ts'
import { wrapped } from '../language/wrap.ts'

const usual = new Help()

export function speakHelp(program: Command, say: Translate): Command {
  // Behind a description stand the choices and what holds without the option.
  const described = (text: string, description: string) => {
    const rest = text.slice(description.length)
    return (
      say(description) + rest.replace(/(?<=\(|, )(choices|default)(?=: )/g, (word) => say(word))
    )
  }
  return program.helpOption('-h, --help', 'show this help').configureHelp({
    styleTitle: (title) => say(title),
    commandDescription: (command) => say(command.description()),
    argumentDescription: (argument) =>
      described(usual.argumentDescription(argument), argument.description),
    optionDescription: (option) => described(usual.optionDescription(option), option.description),
    displayWidth: stringWidth,
    boxWrap: (text, columns) => wrapped(text, columns),
  })
}

/** For the help, which is written before the options are known. */
export function languageIn(args: readonly string[]): Language {
  const index = args.findIndex((word) => word === '--lang' || word.startsWith('--lang='))
  const named = args[index]?.split('=')[1] ?? args[index + 1]
  return chooseLanguage(languages.find((language) => index >= 0 && language === named))
}
