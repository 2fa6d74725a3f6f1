import { timestampDate } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";

import { Role, Scope, type LoginResponse, type User } from "../generated/samplemind/v1/auth_pb";
import { auth, door, onSignedOut, requestId, session } from "./client";
import { refusalOf } from "./refusal";
import { uploads } from "./useUploads";

/** Who uses the page. */
export type Who =
  | { name: "asking" }
  | { name: "nobody" }
  | { name: "somebody"; user: User; scope: Scope }
  | { name: "unreachable"; message: string };

export interface Auth {
  who: Who;
  isOwner: boolean;
  signIn: (email: string, password: string) => Promise<void>;
  /** Signs in with the code of the link that the daemon printed. */
  signInOnce: (code: string) => Promise<void>;
  register: (email: string, password: string) => Promise<void>;
  changePassword: (current: string, next: string) => Promise<void>;
  /** Ends this session, or all of the user's. */
  signOut: (everywhere?: boolean) => Promise<void>;
  /** Asks again who it is. */
  look: () => Promise<void>;
}

const Known = createContext<Auth | undefined>(undefined);

/** Keeps who is signed in for everything inside of it. */
export function AuthProvider({ children }: { children: ReactNode }) {
  const [who, setWho] = useState<Who>({ name: "asking" });

  const looking = useRef<Promise<void>>(undefined);

  const ask = useCallback(async () => {
    try {
      const { user, scope } = await auth.getMe({});
      if (user) setWho({ name: "somebody", user, scope });
      void session.resume().catch(() => undefined); // so that it is renewed in time
    } catch (thrown) {
      const refusal = refusalOf(thrown);
      const nobody = refusal.code === Code.Unauthenticated;
      setWho(nobody ? { name: "nobody" } : { name: "unreachable", message: refusal.message });
    }
  }, []);

  const look = useCallback(() => (looking.current = ask()), [ask]);

  const signInBy = useCallback(async (make: () => Promise<LoginResponse>) => {
    await looking.current; // a renewal that fails takes the cookies away, and must not take the new ones
    const { user, tokens } = await make();
    session.keep(tokens?.accessExpiresAt && timestampDate(tokens.accessExpiresAt));
    if (user) setWho({ name: "somebody", user, scope: Scope.ADMIN });
  }, []);

  useEffect(() => void look(), [look]);
  useEffect(() => onSignedOut(() => setWho({ name: "nobody" })), []);

  const user = who.name === "somebody" ? who.user.id : "";
  useEffect(() => () => uploads.empty(), [user]); // nobody else shall see their names, or send them

  const value = useMemo<Auth>(
    () => ({
      who,
      isOwner: who.name === "somebody" && who.user.role === Role.OWNER,
      look,
      signIn: (email, password) => signInBy(() => door.login({ credential: { case: "password", value: { email, password } } })),
      signInOnce: (code) => signInBy(() => door.login({ credential: { case: "oneTimeCode", value: code } })),
      register: (email, password) =>
        signInBy(async () => {
          await door.register({ email, password, requestId: requestId() });
          return door.login({ credential: { case: "password", value: { email, password } } });
        }),
      changePassword: async (currentPassword, newPassword) => {
        await session.resume(); // so that a wrong password is not tried twice, as a call that renews would
        const { tokens } = await door.changePassword({ currentPassword, newPassword, requestId: requestId() });
        session.keep(tokens?.accessExpiresAt && timestampDate(tokens.accessExpiresAt));
        await look();
      },
      signOut: async (everywhere = false) => {
        session.keep(undefined);
        await auth.logout({ everywhere }).catch(() => undefined); // the cookies go, whatever it answers
        setWho({ name: "nobody" });
      },
    }),
    [who, look, signInBy],
  );
  return <Known value={value}>{children}</Known>;
}

/** Who is signed in, and how to change that. */
export function useAuth(): Auth {
  const known = use(Known);
  if (!known) throw new Error("useAuth needs an AuthProvider around it");
  return known;
}
