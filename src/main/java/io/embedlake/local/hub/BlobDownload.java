package io.embedlake.local.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Brings the content of one file into the cache, from where an earlier download ended. Confined to a thread, which holds the
 * blob's lock.
 */
final class BlobDownload {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final long BYTES_PER_REPORT = 1 << 20;

    private final HubModel model;
    private final String commit;
    private final String file;
    private final HubClient.RemoteFile remote;
    private final Path partial;
    private final Parts parts;

    BlobDownload(HubModel model, String commit, String file, HubClient.RemoteFile remote, Path partial, Parts parts) {
        this.model = model;
        this.commit = commit;
        this.file = file;
        this.remote = remote;
        this.partial = partial;
        this.parts = parts;
    }

    /** What a download works with. */
    record Parts(HubClient client, Attempts attempts, Disk disk, HubListener listener) {}

    /** Downloads and checks; a file with a wrong checksum is thrown away and downloaded once more. */
    void to(Path blob) throws DiskException {
        if (!isWhole() && !isWhole()) {
            throw HubErrors.damaged(model, file);
        }
        try {
            Trees.publish(partial, blob);
        } catch (IOException e) {
            throw new DiskException(e);
        }
    }

    private boolean isWhole() throws DiskException {
        transfer();
        try {
            Optional<ContentHash> hash = ContentHash.of(remote.etag());
            boolean isWhole = hash.isEmpty() || hash.get().isThatOf(partial);
            if (!isWhole) {
                Files.delete(partial);
            }
            return isWhole;
        } catch (IOException e) {
            throw new DiskException(e);
        }
    }

    /** Requests what is missing until the file is complete. The attempts start again when one made progress. */
    private void transfer() throws DiskException {
        Attempts.Series series = parts.attempts().series();
        long furthest = prepared();
        report(furthest);
        while (true) {
            long present = prepared();
            if (remote.bytes().isPresent() && present == remote.bytes().getAsLong()) {
                return;
            }
            try {
                if (isComplete(present)) {
                    return;
                }
            } catch (DiskException e) {
                throw e;
            } catch (IOException e) {
                long reached = prepared();
                if (reached > furthest) {
                    series.progressed();
                    furthest = reached;
                }
                series.failed(e);
            }
        }
    }

    /** One request; whether it reached the end of a file of unknown length. */
    private boolean isComplete(long present) throws IOException {
        boolean wasThere = parts.client().download(model, commit, file, present, this::append);
        if (remote.bytes().isEmpty()) {
            // No more data: the checksum decides whether the file is complete.
            return true;
        }
        if (!wasThere) {
            clear();
            throw new TransferException("a server has less of the file than the hub says");
        }
        if (prepared() < remote.bytes().getAsLong()) {
            throw new TransferException("an answer was cut short");
        }
        return false;
    }

    /** The length of the partial file; 0 if it is missing or too long. */
    private long prepared() throws DiskException {
        try {
            if (!Files.exists(partial)) {
                parts.disk().append(partial).close();
            }
            long present = Files.size(partial);
            if (remote.bytes().isPresent() && present > remote.bytes().getAsLong()) {
                clear();
                return prepared();
            }
            return present;
        } catch (DiskException e) {
            throw e;
        } catch (IOException e) {
            throw new DiskException(e);
        }
    }

    private void clear() throws DiskException {
        try {
            Files.deleteIfExists(partial);
        } catch (IOException e) {
            throw new DiskException(e);
        }
    }

    private void append(long from, InputStream bytes) throws IOException {
        if (from == 0) {
            clear();
        }
        long done = from;
        long reported = from;
        byte[] buffer = new byte[BUFFER_BYTES];
        try (OutputStream out = opened()) {
            for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
                write(out, buffer, read);
                done += read;
                if (done - reported >= BYTES_PER_REPORT) {
                    report(done);
                    reported = done;
                }
            }
        } finally {
            if (done > reported) {
                report(done);
            }
        }
    }

    private OutputStream opened() throws DiskException {
        try {
            return parts.disk().append(partial);
        } catch (IOException e) {
            throw new DiskException(e);
        }
    }

    private static void write(OutputStream out, byte[] buffer, int bytes) throws DiskException {
        try {
            out.write(buffer, 0, bytes);
        } catch (IOException e) {
            throw new DiskException(e);
        }
    }

    private void report(long done) {
        parts.listener().arrived(file, done, remote.bytes());
    }
}
