import { lazy, Suspense } from "react";
import { Redirect, Route, Switch, useLocation } from "wouter";

import { AuthProvider, useAuth } from "./api/useAuth";
import { EventsProvider } from "./api/useEvents";
import { PlayerProvider } from "./api/usePlayer";
import { StatusProvider } from "./api/useStatus";
import { Button } from "./blocks/Button";
import { Toasts } from "./blocks/Toast";
import { Register, SignIn } from "./pages/session/SignIn";
import { Connection } from "./shell/Connection";
import { Mark } from "./shell/Mark";

const Blocks = lazy(() => import("./pages/blocks/Blocks"));
const Dashboard = lazy(() => import("./pages/dashboard/Dashboard"));
const Detail = lazy(() => import("./pages/detail/Detail"));
const Gallery = lazy(() => import("./pages/gallery/Gallery"));
const Landing = lazy(() => import("./pages/landing/Landing"));
const Library = lazy(() => import("./pages/library/Library"));
const Live = lazy(() => import("./pages/live/Live"));
const Settings = lazy(() => import("./pages/settings/Settings"));
const Upload = lazy(() => import("./pages/upload/Upload"));

/** All pages by their addresses. */
export function App() {
  return (
    <AuthProvider>
      <Suspense fallback={<Waiting />}>
        <Switch>
          <Route path="/" component={Landing} />
          <Route path="/blocks" component={Blocks} />
          <Route path="/sign-in" component={SignIn} />
          <Route path="/register" component={Register} />
          <Route><Inside /></Route>
        </Switch>
      </Suspense>
    </AuthProvider>
  );
}

/** The pages of somebody who is signed in. */
function Inside() {
  const { who, look } = useAuth();
  const [at] = useLocation();
  if (who.name === "asking") return <Waiting />;
  if (who.name === "nobody") return <Redirect to={`/sign-in?next=${encodeURIComponent(at)}`} replace />;
  if (who.name === "unreachable") {
    return <Waiting>{who.message} <Button size="small" onClick={() => void look()}>Try again</Button></Waiting>;
  }
  return (
    <EventsProvider key={who.user.id} user={who.user.id}>
      <StatusProvider>
        <PlayerProvider>
          <Toasts standing={<Connection />}>
            <Switch>
              <Route path="/dashboard" component={Dashboard} />
              <Route path="/library" component={Library} />
              <Route path="/sounds/:id" component={Detail} />
              <Route path="/upload" component={Upload} />
              <Route path="/gallery" component={Gallery} />
              <Route path="/live" component={Live} />
              <Route path="/settings" component={Settings} />
              <Route><Redirect to="/dashboard" replace /></Route>
            </Switch>
          </Toasts>
        </PlayerProvider>
      </StatusProvider>
    </EventsProvider>
  );
}

function Waiting({ children }: { children?: React.ReactNode }) {
  return (
    <main aria-busy={!children} className="grid min-h-dvh place-content-center justify-items-center gap-4 text-cell text-dim">
      <Mark className="size-10" />
      {children && <p role="alert" className="flex items-center gap-3">{children}</p>}
    </main>
  );
}
