// Preloaded into the emulator and the backend: they end when whoever started them is gone,
// even if that was by SIGKILL. The channel to the parent closes then.
if (process.channel) {
  process.channel.unref();
  process.on('disconnect', () => process.exit(0));
}
