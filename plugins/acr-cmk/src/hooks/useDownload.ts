import { useCallback, useState } from 'react';
import { readRefusal } from './refusal';

/** Saves an answer of the backend as a file of the viewer. */
interface Download {
  running: boolean;
  /** Reason why the last one failed. */
  failure?: string;
  /** @param file - its name */
  download(file: string, load: () => Promise<Blob>): Promise<void>;
}

export function useDownload(): Download {
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<string>();
  const download = useCallback(
    async (file: string, load: () => Promise<Blob>) => {
      setRunning(true);
      setFailure(undefined);
      try {
        const link = document.createElement('a');
        link.href = URL.createObjectURL(await load());
        link.download = file;
        link.click();
        URL.revokeObjectURL(link.href);
      } catch (error) {
        setFailure(readRefusal(error).message);
      } finally {
        setRunning(false);
      }
    },
    [],
  );
  return { running, failure, download };
}
