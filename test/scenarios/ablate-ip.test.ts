// Every command of every scenario is needed, and every check can fail: the ip dialect.
import { ablationHolds } from '../helpers/ablation.ts'

ablationHolds('ip')
