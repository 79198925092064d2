// Opens the networks of this place's state directory, for one command.
import { openNetworks, type Networks } from '../index.ts'
import { stateDirectory } from './state-directory.ts'

export function open(): Promise<Networks> {
  return openNetworks({ stateDirectory: stateDirectory() })
}
