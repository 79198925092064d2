// All that is said in Chinese, from the files beside this one.
import type { Catalogue } from '../translate.ts'
import workshop from './workshop.ts'

const catalogue: Catalogue = { ...workshop }

export default catalogue
