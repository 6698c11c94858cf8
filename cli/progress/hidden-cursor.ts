const HIDE = '\u001b[?25l';
const SHOW = '\u001b[?25h';

/**
 * Hides the cursor until the returned function is called, and while the process is not suspended (Ctrl-Z). `onResume`
 * is called when it goes on: the shell has written to the terminal meanwhile.
 */
export function hideCursor(stream: { write(text: string): unknown }, onResume: () => void): () => void {
  const suspend = () => {
    stream.write(`\n${SHOW}`);
    process.kill(process.pid, 'SIGSTOP');
  };
  const resume = () => {
    stream.write(HIDE);
    onResume();
  };
  process.on('SIGTSTP', suspend);
  process.on('SIGCONT', resume);
  stream.write(HIDE);
  return () => {
    process.off('SIGTSTP', suspend);
    process.off('SIGCONT', resume);
    stream.write(SHOW);
  };
}
