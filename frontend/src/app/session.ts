/** What Django's page says of who is logged in, and of the installation. */

export interface Session {
  user: string;
  /** Resource of the permission matrix -> allowed methods. */
  may: Readonly<Record<string, readonly string[]>>;
  staff: boolean;
  language: string;
  currency: string;
  /** A lead counts as converted if it is won within so many days. */
  windowDays: number;
  adminUrl: string;
  /** Where a table of leads is imported; null for who may not. */
  importUrl: string | null;
  /** Where the scorecard's rules are changed; null for who may not. */
  scorecardUrl: string | null;
  logoutUrl: string;
}

function read(): Session {
  const text = document.getElementById("session")?.textContent;
  if (!text) throw new Error("The page holds no session.");
  return JSON.parse(text) as Session;
}

export const session: Session = read();

/** Whether the user may do this; what may not be done is not offered. */
export function may(method: string, resource: string): boolean {
  return session.may[resource]?.includes(method) ?? false;
}
