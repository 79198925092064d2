// Writes the style sheet of a picture, in the colours of Okabe and Ito, which colour-blind readers can tell apart, for light, dark and
// paper.

export const titleFont = 17

export type Theme = 'light' | 'dark'

/** For one theme, or for that of the reader's system; on paper always the same. */
export function styleSheet(theme?: Theme): string {
  const screen =
    theme === 'light'
      ? light
      : theme === 'dark'
        ? light + dark
        : `${light}@media (prefers-color-scheme: dark) {\n${dark}}\n`
  return `\n${screen}@media print {\n${print}}\n`
}

/** Without custom properties, since not every SVG viewer supports them. */
const light = `text { font: 13px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace; fill: #1b2733 }
.title { font: 600 ${titleFont}px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif }
.name { font-weight: 600 }
.page { fill: #fff }
.frame { fill: #f5f7fa; stroke: #8a97a6; stroke-width: 1.5 }
.device rect { fill: #fff; stroke: #0072b2; stroke-width: 1.5 }
.device.bridge rect { fill: #e2f3ee; stroke: #00805d; stroke-width: 2 }
.device.down rect, .wire.down { stroke-dasharray: 5 4 }
.device.down rect { stroke: #8a97a6 }
.device.down text { fill: #5b6875 }
.address { fill: #3c4a58 }
.wire { fill: none; stroke-width: 2; stroke: #3c4a58; stroke-linejoin: round }
.wire.plug { stroke: #00805d }
.wire.tunnel { stroke: #b8578f; stroke-width: 4; stroke-dasharray: 9 4 }
.wire.routing { stroke: #56789a; stroke-dasharray: 1 5; stroke-linecap: round }
.wire.down { stroke: #8a97a6 }
rect.plug { fill: #3c4a58; stroke: #fff; stroke-width: 1 }
rect.plug.down { fill: #8a97a6 }
.mark { fill: #3c4a58 }
.mark.publish { fill: #a84300 } .bullet.publish { stroke: #d55e00 }
.mark.translate { fill: #8f3f6f } .bullet.translate { stroke: #b8578f }
.bullet { fill: none; stroke: #56789a; stroke-width: 1.7; stroke-linejoin: round }
.bullet.listen { fill: #009e73; stroke: none }
`
const dark = `text { fill: #e6edf3 }
.page { fill: #0d1117 }
.frame { fill: #161b22; stroke: #6b7785 }
.device rect { fill: #0d1117; stroke: #56b4e9 }
.device.bridge rect { fill: #0c2a22; stroke: #2fc79b }
.device.down rect { stroke: #6b7785 }
.device.down text { fill: #9aa6b2 }
.address, .mark { fill: #c3ced9 }
.wire, .wire.cable { stroke: #c3ced9 }
.wire.plug { stroke: #2fc79b }
.wire.tunnel { stroke: #e39cc4 }
.wire.routing { stroke: #8fb3d4 }
.wire.down { stroke: #6b7785 }
rect.plug { fill: #c3ced9; stroke: #0d1117 }
rect.plug.down { fill: #6b7785 }
.mark.publish { fill: #f0904a } .bullet.publish { stroke: #f0904a }
.mark.translate { fill: #e39cc4 } .bullet.translate { stroke: #e39cc4 }
.bullet { stroke: #8fb3d4 }
.bullet.listen { fill: #2fc79b }
`
const print = `text, .address, .mark, .mark.publish, .mark.translate { fill: #000 }
.page, .frame, .device rect, .device.bridge rect { fill: #fff }
.frame { stroke: #000 }
.device rect, .device.bridge rect, .wire, .wire.cable, .wire.plug, .wire.tunnel, .wire.routing { stroke: #000 }
.device.down rect, .wire.down { stroke: #666 }
rect.plug { fill: #000 }
.bullet, .bullet.publish, .bullet.translate { stroke: #000 }
.bullet.listen { fill: #000; stroke: none }
`
