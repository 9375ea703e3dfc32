import useAsyncFn from 'react-use/esm/useAsyncFn';
import { readRefusal } from './refusal';

/** Saves an answer of the backend as a file of the viewer. */
export function useDownload() {
  const [{ loading, error }, download] = useAsyncFn(
    async (file: string, load: () => Promise<Blob>) => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(await load());
      link.download = file;
      link.click();
      URL.revokeObjectURL(link.href);
    },
    [],
  );
  return {
    running: loading,
    /** Reason why the last one failed. */
    failure: error && !loading ? readRefusal(error).message : undefined,
    download,
  };
}
