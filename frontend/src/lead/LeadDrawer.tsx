import { Drawer } from "@mantine/core";

export default function LeadDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  return (
    <Drawer opened onClose={onClose} position="right" title={id}>
      {id}
    </Drawer>
  );
}
