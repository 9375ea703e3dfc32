// Preloaded into the emulator and the backend, to end them with their parent. The channel to the parent closes
// even when it dies by SIGKILL.
if (process.channel) {
  process.channel.unref();
  process.on('disconnect', () => process.exit(0));
}
