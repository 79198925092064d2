// Joins the Chinese catalogues of this folder.
import type { Catalogue } from '../catalogue.ts'
import fix from './fix.ts'
import ofThePackage from './package.ts'
import packets from './packets.ts'
import page from './page.ts'
import workshop from './workshop.ts'

const catalogue: Catalogue = { ...workshop, ...fix, ...page, ...packets, ...ofThePackage }

export default catalogue
