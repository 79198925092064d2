// All that is said in Chinese, from the files beside this one.
import type { Catalogue } from '../catalogue.ts'
import answers from './answers.ts'
import changes from './changes.ts'
import fix from './fix.ts'
import help from './help.ts'
import journey from './journey.ts'
import library from './library.ts'
import page from './page.ts'
import { scenarios } from './scenarios/index.ts'
import terminal from './terminal.ts'
import workshop from './workshop.ts'

const catalogue: Catalogue = {
  ...workshop,
  ...answers,
  ...changes,
  ...fix,
  ...help,
  ...journey,
  ...library,
  ...page,
  ...terminal,
  ...Object.assign({}, ...Object.values(scenarios)),
}

export default catalogue
