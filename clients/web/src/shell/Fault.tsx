import type { SampleMindError } from "../api/refusal";
import { Button } from "../blocks/Button";
import { Card } from "../blocks/Card";

/** Why something could not be had, and the way out. */
export function Fault({ refusal, again }: { refusal: SampleMindError; again?: () => void }) {
  return (
    <Card bad role="alert" className="flex flex-wrap items-center gap-3 p-4 text-cell">
      <span className="min-w-0 flex-1">
        <span className="text-bad">{refusal.message}</span>
        {refusal.reason && <code className="ml-2 text-dim">{refusal.reason}</code>}
      </span>
      {again && <Button size="small" onClick={again}>Try again</Button>}
    </Card>
  );
}
