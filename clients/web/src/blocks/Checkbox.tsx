import { Check } from "lucide-react";

interface CheckboxProps {
  label: string;
  checked: boolean;
  onCheck: (checked: boolean) => void;
  disabled?: boolean;
  /** Not on the way of the Tab key: there is another key for it. */
  skipped?: boolean;
}

/** Chosen or not. */
export function Checkbox({ label, checked, onCheck, disabled, skipped }: CheckboxProps) {
  return (
    <button
      type="button"
      role="checkbox"
      aria-label={label}
      aria-checked={checked}
      disabled={disabled}
      tabIndex={skipped ? -1 : 0}
      onClick={(event) => (event.stopPropagation(), onCheck(!checked))}
      className="touch grid size-4 place-items-center rounded-tiny border-[1.5px] border-[hsl(220_10%_46%)] transition-colors hover:border-text disabled:opacity-45 aria-checked:border-blue-fill aria-checked:bg-blue-fill"
    >
      {checked && <Check className="size-3" strokeWidth={3} aria-hidden />}
    </button>
  );
}
