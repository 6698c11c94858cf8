const HIDE = '\u001b[?25l';
const SHOW = '\u001b[?25h';

/**
 * Hides the cursor until the returned function is called, except while the process is suspended (Ctrl-Z).
 * `onSuspend` is called just before that: the terminal will be the shell’s.
 */
export function hideCursor(stream: { write(text: string): unknown }, onSuspend: () => void): () => void {
  const suspend = () => {
    onSuspend();
    stream.write(SHOW);
    process.kill(process.pid, 'SIGSTOP');
  };
  const resume = () => stream.write(HIDE);
  process.on('SIGTSTP', suspend);
  process.on('SIGCONT', resume);
  stream.write(HIDE);
  return () => {
    process.off('SIGTSTP', suspend);
    process.off('SIGCONT', resume);
    stream.write(SHOW);
  };
}
