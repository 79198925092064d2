// Joins the Chinese catalogues that the package for others contains: all but those of the lab's own programs.
import type { Catalogue } from '../catalogue.ts'
import glossary from './glossary.ts'
import help from './help.ts'
import journey from './journey.ts'
import library from './library.ts'
import pictures from './pictures.ts'
import run from './run.ts'
import { scenarios } from './scenarios/index.ts'

const catalogue: Catalogue = {
  ...glossary,
  ...help,
  ...journey,
  ...library,
  ...pictures,
  ...run,
  ...Object.assign({}, ...Object.values(scenarios)),
}

export default catalogue
