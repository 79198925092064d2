// All that is said around a broken network, in English: `{name}` stands for a value, and each text has its Chinese in a catalogue.

export const texts = {
  listTitle: 'Networks with one fault each. Find it, say what it is, and repair it.',
  listHowTo: 'One of them: npm run fix 1     any: npm run fix -- --random',
  listHelp: 'All options: npm run fix -- --help',
  listSigns: '* easy   ** medium   *** hard',
  listDone: '{done} of {all} solved',
  solvedMark: 'solved',
  openMark: 'open',
  easy: 'easy',
  medium: 'medium',
  hard: 'hard',
  seedAgain: 'Chosen by the seed {seed}; the same again: npm run fix -- --seed {seed}',

  heading: 'Broken network {number}: {title}',
  noticed: 'This is what is seen:',
  task: `Find the cause, and repair it: on the host and in its namespaces, but not outside, which is the Internet, and without
    harm to what works.`,
  rootShell:
    "You are root on host. Another node: ip netns exec {node} bash. Leave with 'exit': then you can have your repair checked.",
  shellAgain: "You are root on host, in the network as it is now; 'exit' leads back.",

  whatNext: 'What next?',
  menuShell: 'back to the shell',
  menuCheck: 'check my repair',
  menuCause: 'say what the cause is',
  menuHint: 'a hint ({left} left)',
  menuSolution: 'show the solution',
  menuLeave: 'leave',
  menuCommand: '(or a single command for host, behind a $: $ ip route)',
  notUnderstood: "'{answer}' is none of these.",
  noShellInScript: 'A script has no shell: it gives its commands one a line, behind a $.',

  checking: 'Does it work again?',
  checkingHarm: 'And does what worked before still work?',
  holds: 'holds',
  fails: 'fails',
  stillBroken: 'Not yet: it does not work.',
  harmed:
    'It works, but not without harm: something that worked before your repair does not work any more.',
  repaired: 'Repaired, and nothing was harmed.',

  whichCause: 'What is the cause? (Enter: back)',
  rightCause: 'Right: that is the cause.',
  wrongCause: 'No. This command shows that it is something else:',
  causeKnown: 'You have found it: {cause}',
  nowRepair: 'Now repair it.',
  nowDiagnose: 'Now say what it was.',

  hint: 'Hint {number} of {all}: {hint}',
  noMoreHints:
    'There are no more hints. The way of a packet, hop by hop, is told by: netdojo trace -- ping -c 1 198.51.100.1',

  theCause: 'The cause: {cause}',
  theFault: 'What had broken it',
  theSolutions: 'How it can be repaired',
  notSo: 'Not so: it ends the symptom, and something else with it',
  stillYours: 'You can still try them in the shell.',

  scoreSolved: 'Solved: diagnosis and repair are right.',
  scoreTold: 'Diagnosis and repair are right, after a look at the solution.',
  scoreOpen: 'Not solved yet.',
  scoreRepairYes: 'repair: right (checked: {checks})',
  scoreRepairNo: 'repair: not yet (checked: {checks})',
  scoreCauseYes: 'diagnosis: right (answer {answers})',
  scoreCauseNo: 'diagnosis: not yet (wrong answers: {answers})',
  scoreHints: 'hints: {hints} of {all}',
  again: 'Try it again: npm run fix {number}',

  help: 'Broken networks: find the fault, say what it is, repair it.',
  helpName: 'the number of a network, from the list; without one, prints the list',
  helpRandom: 'any of those that you have not solved',
  helpSeed: 'the one that this number chooses: the same for everybody',
  helpScript: 'answers and commands from a file, one a line, instead of a person',
  helpLang: 'the language; without it, that of LANG',
  helpPlain: 'no pictures, signs or colours: for screen readers',
  helpColor: 'no colour; so does NO_COLOR',
  helpCodes: 'Exit codes: 0 solved, 1 not solved, 2 usage, 3 the lab could not run.',
} as const

export type TextName = keyof typeof texts
