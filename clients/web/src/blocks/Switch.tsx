interface SwitchProps {
  label: string;
  on: boolean;
  onSwitch: (on: boolean) => void;
  disabled?: boolean;
}

/** On or off, at once. */
export function Switch({ label, on, onSwitch, disabled }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-label={label}
      aria-checked={on}
      disabled={disabled}
      onClick={() => onSwitch(!on)}
      className="touch group relative h-[18px] w-8 shrink-0 rounded-full bg-[hsl(220_12%_30%)] transition-colors disabled:opacity-45 aria-checked:bg-blue-fill"
    >
      <i className="absolute top-0.5 left-0.5 size-3.5 rounded-full bg-[hsl(0_0%_96%)] transition-transform group-aria-checked:translate-x-3.5" />
    </button>
  );
}
