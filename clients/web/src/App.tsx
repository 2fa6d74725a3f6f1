import { lazy, Suspense } from "react";
import { Route, Switch } from "wouter";

const Blocks = lazy(() => import("./pages/blocks/Blocks"));

/** All pages by their addresses. */
export function App() {
  return (
    <Suspense>
      <Switch>
        <Route path="/blocks" component={Blocks} />
      </Switch>
    </Suspense>
  );
}
