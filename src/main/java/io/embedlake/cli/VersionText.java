package io.embedlake.cli;

import io.embedlake.spark.job.Versions;
import picocli.CommandLine;

/** What {@code --version} prints. Stateless. */
final class VersionText implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"embedlake " + Versions.embedlake()};
    }
}
