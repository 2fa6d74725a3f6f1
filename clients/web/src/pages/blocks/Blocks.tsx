import { Mark } from "../../shell/Mark";
import { Controls } from "./Controls";
import { Drawings } from "./Drawings";
import { Feedback } from "./Feedback";
import { TableSheet } from "./TableSheet";

/** All twelve building blocks in all their states. */
export default function Blocks() {
  return (
    <main className="grid grid-cols-12 gap-6 px-12 py-10 max-desk:grid-cols-1 max-desk:p-4">
      <header className="col-span-full flex items-center gap-2">
        <Mark />
        <h1>Twelve building blocks</h1>
      </header>
      <Controls />
      <Feedback />
      <TableSheet />
      <Drawings />
    </main>
  );
}
