// All that is said in Chinese, from the files beside this one.
import type { Catalogue } from '../translate.ts'
import fix from './fix.ts'

const catalogue: Catalogue = {
  ...fix,
}

export default catalogue
