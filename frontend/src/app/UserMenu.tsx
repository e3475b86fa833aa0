import { ActionIcon, Menu, useMantineColorScheme } from "@mantine/core";

import { csrfCookie } from "../api/index";
import { PersonIcon } from "../shared/icons";
import { session } from "./session";

const SCHEMES = [
  ["auto", "As the system"],
  ["light", "Light"],
  ["dark", "Dark"],
] as const;

/** Who is logged in, the colours, the admin, the way out. */
export function UserMenu() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end" width={200} withArrow>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" radius="xl" aria-label="Your menu">
          <PersonIcon />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{session.user}</Menu.Label>
        {session.staff && (
          <Menu.Item component="a" href={session.adminUrl}>
            Admin
          </Menu.Item>
        )}
        <Menu.Item type="submit" form="log-out">
          Log out
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Colours</Menu.Label>
        {SCHEMES.map(([scheme, label]) => (
          <Menu.Item
            key={scheme}
            onClick={() => setColorScheme(scheme)}
            rightSection={colorScheme === scheme ? "✓" : null}
            aria-current={colorScheme === scheme ? "true" : undefined}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
      <form hidden id="log-out" method="post" action={session.logoutUrl}>
        <input type="hidden" name="csrfmiddlewaretoken" value={csrfCookie() ?? ""} />
      </form>
    </Menu>
  );
}
