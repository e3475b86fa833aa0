import { Suspense } from "react";
import { NavLink, Outlet } from "react-router";

import { UserMenu } from "./UserMenu";
import { may } from "./session";
import { LiveDot, OfflineBanner } from "../live/LiveStatus";
import { useLive } from "../live/useLive";
import { Logo } from "../shared/icons";
import { Toaster } from "../shared/toast";
import { Loading } from "../shared/states";
import classes from "./Shell.module.css";

/** What every page has around it. */
export function Shell() {
  const live = useLive();
  return (
    <div className={classes.page}>
      <a className={classes.skip} href="#main">
        Skip to the content
      </a>
      <header className={classes.header}>
        <div className={classes.brand}>
          <Logo />
          <span>Lead scoring</span>
        </div>
        <nav className={classes.nav} aria-label="Pages">
          <NavLink to="/leads">Leads</NavLink>
          <NavLink to="/scoring">Scoring</NavLink>
          {may("POST", "predict") && <NavLink to="/bulk">Bulk</NavLink>}
        </nav>
        <LiveDot state={live} />
        <UserMenu />
      </header>
      <OfflineBanner />
      <main className={classes.main} id="main" tabIndex={-1}>
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </main>
      <Toaster />
    </div>
  );
}
