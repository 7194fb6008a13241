package io.embedlake.links;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Looks references up as the Java virtual machine does (Java Virtual Machine Specification, 5.4.3), without loading a class, and says what
 * it would not find, or would refuse in a class that it finds.
 */
final class Linker {
    private final ClassPath classes;

    Linker(ClassPath classes) {
        this.classes = classes;
    }

    /** @return a line for each thing that is missing, with the classes that refer to it */
    List<String> missing(Collection<Reference> references) {
        Map<String, TreeSet<String>> missing = new TreeMap<>();
        for (Reference reference : references) {
            problem(reference).ifPresent(problem -> missing.computeIfAbsent(problem, key -> new TreeSet<>())
                    .add(reference.from().replace('/', '.')));
        }
        return missing.entrySet().stream()
                .map(entry -> entry.getKey() + ", used by " + String.join(", ", entry.getValue()))
                .toList();
    }

    private Optional<String> problem(Reference reference) {
        Optional<ClassShape> owner = classes.find(reference.owner());
        if (owner.isEmpty()) {
            return Optional.of("no class " + reference.owner().replace('/', '.'));
        }
        if (reference.member().isEmpty()) {
            return Optional.empty();
        }
        Member member = reference.member().get();
        Optional<Integer> access = access(owner.get(), member, reference.isWithinNest());
        if (access.isEmpty()) {
            return Optional.of("no " + reference.target());
        }
        if (ClassShape.isStatic(access.get()) != reference.isStatic()) {
            return Optional.of((reference.isStatic() ? "no longer static: " : "static now: ") + reference.target());
        }
        if (member.isMethod() && owner.get().isInterface() != reference.ofInterface()) {
            return Optional.of(
                    (reference.ofInterface() ? "no longer an interface: " : "an interface now: ") + reference.target());
        }
        return Optional.empty();
    }

    private Optional<Integer> access(ClassShape owner, Member member, boolean withinNest) {
        Integer declared = owner.members().get(member);
        if (declared != null && (withinNest || !ClassShape.isPrivate(declared))) {
            return Optional.of(declared);
        }
        // Methods of a signature polymorphic class fit any types.
        if (owner.name().equals("java/lang/invoke/MethodHandle")) {
            return owner.members().entrySet().stream()
                    .filter(entry -> entry.getKey().name().equals(member.name()))
                    .map(Map.Entry::getValue)
                    .findFirst();
        }
        return owner.parents().stream()
                .flatMap(parent -> classes.find(parent).stream())
                .flatMap(parent -> access(parent, member, false).stream())
                .findFirst();
    }

    /** @return what a class inherits and does not implement, or overrides and must not */
    List<String> inheritance(ClassShape type) {
        List<String> problems = new ArrayList<>();
        if (!type.isInterface() && !type.isAbstract()) {
            for (ClassShape ancestor : ancestors(type)) {
                ancestor.members().forEach((member, access) -> {
                    if (member.isMethod() && ClassShape.isAbstract(access) && !implemented(type, member)) {
                        problems.add(type.name().replace('/', '.') + " does not implement "
                                + ancestor.name().replace('/', '.') + "." + member);
                    }
                });
            }
        }
        for (ClassShape ancestor : ancestors(type)) {
            type.members().forEach((member, access) -> {
                Integer inherited = ancestor.members().get(member);
                if (inherited != null
                        && ancestor != type
                        && member.isMethod()
                        && !ClassShape.isStatic(access)
                        && ClassShape.isFinal(inherited)
                        && !ClassShape.isPrivate(inherited)) {
                    problems.add(type.name().replace('/', '.') + " overrides the final "
                            + ancestor.name().replace('/', '.') + "." + member);
                }
            });
        }
        return problems;
    }

    private boolean implemented(ClassShape type, Member member) {
        return ancestors(type).stream()
                .map(ancestor -> ancestor.members().get(member))
                .anyMatch(access -> access != null && !ClassShape.isAbstract(access) && !ClassShape.isStatic(access));
    }

    /** A class and all that it extends and implements. */
    private Collection<ClassShape> ancestors(ClassShape type) {
        Map<String, ClassShape> found = new HashMap<>();
        collect(type, found);
        return found.values();
    }

    private void collect(ClassShape type, Map<String, ClassShape> found) {
        if (found.put(type.name(), type) == null) {
            type.parents().stream()
                    .flatMap(parent -> classes.find(parent).stream())
                    .forEach(parent -> collect(parent, found));
        }
    }
}
