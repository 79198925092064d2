// Every command of every scenario is needed, and every check can fail: the classic dialect.
import { ablationHolds } from '../helpers/ablation.ts'

ablationHolds('classic')
