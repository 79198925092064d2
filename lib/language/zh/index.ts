// All that is said in Chinese, from the files beside this one.
import type { Catalogue } from '../translate.ts'

const catalogue: Catalogue = {}

export default catalogue
