package io.embedlake.cli;

@picocli.CommandLine.Command(name = "doctor")
final class DoctorCommand implements Runnable {
    @Override
    public void run() {}
}
