// Declares that the page may import style sheets: the bundle writes them into one file beside the script.
declare module '*.css'
