package io.embedlake.links;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.xbean.asm9.ClassReader;
import org.apache.xbean.asm9.ClassVisitor;
import org.apache.xbean.asm9.FieldVisitor;
import org.apache.xbean.asm9.MethodVisitor;
import org.apache.xbean.asm9.Opcodes;

/**
 * What a class is and declares.
 *
 * @param access the flags of the Java Virtual Machine Specification, table 4.1-B
 * @param parents the class that it extends, then the interfaces that it implements; names with slashes
 * @param members what it declares, with their flags
 */
record ClassShape(String name, int access, List<String> parents, Map<Member, Integer> members) {
    static ClassShape read(byte[] file) {
        ClassReader reader = new ClassReader(file);
        Map<Member, Integer> members = new HashMap<>();
        reader.accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public FieldVisitor visitField(
                            int access, String name, String descriptor, String signature, Object value) {
                        members.put(new Member(name, descriptor), access);
                        return null;
                    }

                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        members.put(new Member(name, descriptor), access);
                        return null;
                    }
                },
                ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        List<String> parents = Stream.concat(
                        Stream.ofNullable(reader.getSuperName()), Stream.of(reader.getInterfaces()))
                .toList();
        return new ClassShape(reader.getClassName(), reader.getAccess(), parents, members);
    }

    boolean isInterface() {
        return (access & Opcodes.ACC_INTERFACE) != 0;
    }

    boolean isAbstract() {
        return (access & Opcodes.ACC_ABSTRACT) != 0;
    }

    static boolean isPrivate(int access) {
        return (access & Opcodes.ACC_PRIVATE) != 0;
    }

    static boolean isStatic(int access) {
        return (access & Opcodes.ACC_STATIC) != 0;
    }

    static boolean isAbstract(int access) {
        return (access & Opcodes.ACC_ABSTRACT) != 0;
    }

    static boolean isFinal(int access) {
        return (access & Opcodes.ACC_FINAL) != 0;
    }
}
