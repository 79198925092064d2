// Starts the page: with a recording that another script has brought, or else with the server that gave the page.
import { h, render } from 'preact'
// oxlint-disable-next-line import/no-unassigned-import -- the bundle writes it beside the script
import './page.css'
import { connect } from './connection.ts'
import { Frame } from './frame.ts'
import { startTerminals } from './evidence/terminals.ts'
import { startKeys } from './keys.ts'
import { openRecording } from './recording.ts'
import { followChoices } from './text.ts'

declare global {
  /** What `recordings/NAME.js` of the site sets. */
  var netdojoRecording: unknown
}

followChoices()
startKeys()
startTerminals()
if (globalThis.netdojoRecording !== undefined) openRecording(globalThis.netdojoRecording)
else if (location.protocol !== 'file:') connect()
const root = document.querySelector('#page')
if (root) render(h(Frame, {}), root)
