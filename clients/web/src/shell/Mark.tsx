/** SampleMind's sign: a waveform with its playhead. */
export function Mark({ className = "size-6" }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" fill="none" strokeWidth="2.25" strokeLinecap="round" aria-hidden className={className}>
      <path className="stroke-text" d="M3 10v4M7.5 6v12M16.5 8v8M21 10.500v3" />
      <path className="stroke-cyan" d="M12 3v18" />
    </svg>
  );
}
