package io.embedlake.cli;

@picocli.CommandLine.Command(name = "models")
final class ModelsCommand implements Runnable {
    @Override
    public void run() {}
}
