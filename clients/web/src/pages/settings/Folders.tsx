import { Plus } from "lucide-react";
import { useState } from "react";

import { useAuth } from "../../api/useAuth";
import { useStatus } from "../../api/useStatus";
import { Button } from "../../blocks/Button";
import { Fault } from "../../shell/Fault";
import { FolderDialog } from "./FolderDialog";
import { FolderRow } from "./FolderRow";
import { NotYours, Section } from "./Section";

const HEADS: [name: string, look?: string][] = [
  ["Folder"], ["Health"], ["Mode", "max-wide:hidden"], ["Last event", "max-wide:hidden"], ["Last sweep", "max-desk:hidden"],
  ["Backlog", "text-right"], ["Missing", "text-right max-desk:hidden"], ["After analysis", "max-wide:hidden"], [""],
];

/** The folders whose files become sounds, and how watching them goes. */
export function Folders() {
  const { folders } = useStatus();
  const { isOwner } = useAuth();
  const [adding, setAdding] = useState(false);
  const none = folders.answer?.length === 0;
  return (
    <Section id="folders" title="Watch folders" note="Events are hints; a sweep finds what they miss." act={isOwner && <Button size="small" onClick={() => setAdding(true)}><Plus className="size-3.5" aria-hidden />Add folder</Button>}>
      {folders.refusal && <Fault refusal={folders.refusal} again={folders.again} />}
      {!none && (
        <div className="overflow-x-auto [scrollbar-width:thin]">
          <table className="w-full text-left text-cell">
            <thead className="text-label text-dim">
              <tr className="border-b border-line-2">{HEADS.map(([name, look = ""]) => <th key={name} scope="col" className={`h-8 px-2 font-medium whitespace-nowrap first:pl-4 ${look}`}>{name || <span className="sr-only">What can be done</span>}</th>)}</tr>
            </thead>
            <tbody>{folders.answer?.map((folder) => <FolderRow key={folder.id} folder={folder} onChange={folders.again} />)}</tbody>
          </table>
        </div>
      )}
      {none && isOwner && <p className="p-4 text-cell text-dim">No folder is watched. Add one, and what lies in it is analysed by itself.</p>}
      {!isOwner && <NotYours>Folders of the daemon's machine are watched for its owner; yours are the sounds that you upload.</NotYours>}
      {adding && <FolderDialog onClose={() => setAdding(false)} onSaved={folders.again} />}
    </Section>
  );
}
