// Joins the Chinese catalogues of this folder.
import type { Catalogue } from '../catalogue.ts'
import fix from './fix.ts'
import glossary from './glossary.ts'
import help from './help.ts'
import journey from './journey.ts'
import library from './library.ts'
import page from './page.ts'
import packets from './packets.ts'
import { scenarios } from './scenarios/index.ts'
import pictures from './pictures.ts'
import run from './run.ts'
import workshop from './workshop.ts'

const catalogue: Catalogue = {
  ...workshop,
  ...fix,
  ...glossary,
  ...help,
  ...journey,
  ...library,
  ...page,
  ...pictures,
  ...packets,
  ...run,
  ...Object.assign({}, ...Object.values(scenarios)),
}

export default catalogue
