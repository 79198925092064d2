// The words of the scenarios' pages, in Chinese.
import type { Catalogue } from '../translate.ts'

const catalogue: Catalogue = {}

export default catalogue
