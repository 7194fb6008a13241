package io.embedlake.spark.store;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.Abortable;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.CreateFileOptionKeys;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PositionedReadable;
import org.apache.hadoop.fs.Seekable;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** Objects in the memory of this JVM, which appear when they are closed, on a condition if asked. Confined to one test. */
public final class ObjectFiles extends FileSystem {
    /** What the next write meets. */
    enum Fault {
        /** It fails, and nothing is written. */
        UNHEARD,
        /** It is written, and fails as if it had been sent again. */
        SENT_TWICE
    }

    private final Map<String, byte[]> objects = new TreeMap<>();
    private Optional<Fault> next = Optional.empty();
    private Optional<byte[]> faster = Optional.empty();
    private boolean knowsConditions = true;

    void next(Fault fault) {
        next = Optional.of(fault);
    }

    /** Another writer writes the next object just before it is closed. */
    void anotherIsFaster(byte[] content) {
        faster = Optional.of(content);
    }

    /** From now on conditions are passed over. */
    void forgetConditions() {
        knowsConditions = false;
    }

    Map<String, byte[]> objects() {
        return objects;
    }

    private final class Builder extends FSDataOutputStreamBuilder<FSDataOutputStream, Builder> {
        private final String name;

        Builder(Path path) {
            super(ObjectFiles.this, path);
            name = path.getName();
        }

        @Override
        public Builder getThisBuilder() {
            return this;
        }

        @Override
        public FSDataOutputStream build() throws IOException {
            boolean isConditional = knowsConditions
                    && getOptions().getBoolean(CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE, false);
            return new FSDataOutputStream(new Unwritten(name, isConditional), null);
        }
    }

    private final class Unwritten extends ByteArrayOutputStream implements Abortable {
        private final String name;
        private final boolean isConditional;
        private boolean isAborted;

        Unwritten(String name, boolean isConditional) {
            this.name = name;
            this.isConditional = isConditional;
        }

        @Override
        public void close() throws IOException {
            if (!isAborted) {
                put(name, toByteArray(), isConditional);
            }
        }

        @Override
        public AbortableResult abort() {
            isAborted = true;
            return null;
        }
    }

    private void put(String name, byte[] content, boolean isConditional) throws IOException {
        Optional<Fault> fault = next;
        next = Optional.empty();
        faster.ifPresent(other -> objects.put(name, other));
        faster = Optional.empty();
        if (fault.equals(Optional.of(Fault.UNHEARD))) {
            throw new IOException("connection reset");
        }
        if (isConditional && objects.containsKey(name)) {
            throw new IOException("412");
        }
        objects.put(name, content);
        if (fault.equals(Optional.of(Fault.SENT_TWICE))) {
            throw new IOException("412");
        }
    }

    @Override
    public FSDataOutputStreamBuilder<?, ?> createFile(Path path) {
        return new Builder(path);
    }

    @Override
    public boolean hasPathCapability(Path path, String capability) {
        return capability.equals(CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE);
    }

    @Override
    public String getScheme() {
        return "object";
    }

    @Override
    public URI getUri() {
        return URI.create("object://bucket");
    }

    private static final class Bytes extends ByteArrayInputStream implements Seekable, PositionedReadable {
        Bytes(byte[] content) {
            super(content);
        }

        @Override
        public void seek(long position) {
            pos = (int) position;
        }

        @Override
        public long getPos() {
            return pos;
        }

        @Override
        public boolean seekToNewSource(long target) {
            return false;
        }

        @Override
        public int read(long position, byte[] into, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void readFully(long position, byte[] into, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void readFully(long position, byte[] into) {
            throw new UnsupportedOperationException();
        }
    }

    @Override
    public FSDataInputStream open(Path path, int buffer) throws IOException {
        byte[] content = objects.get(path.getName());
        if (content == null) {
            throw new FileNotFoundException(path.toString());
        }
        return new FSDataInputStream(new Bytes(content));
    }

    @Override
    public FileStatus[] listStatus(Path folder) throws IOException {
        if (objects.isEmpty()) {
            throw new FileNotFoundException(folder.toString());
        }
        List<FileStatus> all = new ArrayList<>();
        objects.forEach((name, content) -> all.add(0, status(new Path(folder, name), content)));
        return all.toArray(FileStatus[]::new);
    }

    private static FileStatus status(Path path, byte[] content) {
        return new FileStatus(content.length, false, 1, 1, 0, path);
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        byte[] content = objects.get(path.getName());
        if (content == null) {
            throw new FileNotFoundException(path.toString());
        }
        return status(path, content);
    }

    @Override
    public FSDataOutputStream create(
            Path path,
            FsPermission permission,
            boolean overwrite,
            int buffer,
            short replication,
            long blockSize,
            Progressable progress) {
        throw new AssertionError("a file is made without a builder: " + path);
    }

    @Override
    public FSDataOutputStream append(Path path, int buffer, Progressable progress) {
        throw new AssertionError("objects do not grow");
    }

    @Override
    public boolean rename(Path from, Path to) {
        throw new AssertionError("objects are not renamed");
    }

    @Override
    public boolean delete(Path path, boolean recursive) {
        throw new AssertionError("a log is not deleted");
    }

    @Override
    public boolean mkdirs(Path path, FsPermission permission) {
        throw new AssertionError("there are no folders");
    }

    @Override
    public void setWorkingDirectory(Path path) {
        // There is none.
    }

    @Override
    public Path getWorkingDirectory() {
        return new Path("object://bucket/");
    }
}
