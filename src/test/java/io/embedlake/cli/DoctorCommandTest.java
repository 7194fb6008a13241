package io.embedlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.embedlake.cli.doctor.Finding;
import io.embedlake.spi.ErrorKind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DoctorCommandTest {
    private static Finding failed(ErrorKind kind) {
        return new Finding(Finding.Status.FAILED, "", Optional.ofNullable(kind));
    }

    @Test
    void endsWithTheWorstFailure() {
        Finding warning = new Finding(Finding.Status.WARNING, "", Optional.empty());
        Finding setting = failed(ErrorKind.CONFIGURATION);
        Finding table = failed(ErrorKind.STORAGE);
        assertEquals(ExitCode.DONE, DoctorCommand.exitCode(List.of(warning)));
        assertEquals(ExitCode.USAGE, DoctorCommand.exitCode(List.of(warning, setting)));
        assertEquals(ExitCode.STORAGE, DoctorCommand.exitCode(List.of(setting, table)));
        assertEquals(ExitCode.INTERNAL, DoctorCommand.exitCode(List.of(failed(null), table)));
        assertEquals(ExitCode.INTERNAL, DoctorCommand.exitCode(List.of(setting, failed(ErrorKind.PROTOCOL))));
    }
}
