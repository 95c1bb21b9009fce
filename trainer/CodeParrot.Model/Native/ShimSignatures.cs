using System.Reflection;
using TorchSharp;

namespace CodeParrot.Model.Native;

/// <summary>
/// Compares the functions of <see cref="TorchShim"/> with TorchSharp's own declarations of them: with another version a
/// name may be gone, or take other arguments, and a call of it would end the process without a word.
/// </summary>
internal static class ShimSignatures
{
    private const string Declarations = "TorchSharp.PInvoke.NativeMethods";
    private const BindingFlags AnyStatic = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Yields each function that TorchSharp does not have as we call it.</summary>
    public static IEnumerable<string> Mismatches() => Mismatches(typeof(TorchShim));

    internal static IEnumerable<string> Mismatches(Type ours)
    {
        if (typeof(torch).Assembly.GetType(Declarations) is not { } theirs)
        {
            yield return $"TorchSharp has no {Declarations}";
            yield break;
        }

        foreach (
            var method in ours.GetMethods(AnyStatic).Where(m => m.Name.StartsWith("THS", StringComparison.Ordinal))
        )
        {
            var called = Describe(method);
            var declared = theirs.GetMember(method.Name, MemberTypes.Method, AnyStatic).Cast<MethodInfo>().ToList();
            if (!declared.Exists(candidate => Describe(candidate) == called))
            {
                var has = declared.Count == 0 ? "has none" : $"has {string.Join(" and ", declared.Select(Describe))}";
                yield return $"{method.Name} is called as {called}, TorchSharp {has}";
            }
        }
    }

    private static string Describe(MethodInfo method)
    {
        var parameters = method.GetParameters().Select(parameter => KindOf(parameter.ParameterType));
        return $"{KindOf(method.ReturnType)}({string.Join(", ", parameters)})";
    }

    // What the calling convention sees: texts, callbacks and arrays come as addresses, truth values as bytes.
    private static string KindOf(Type type) =>
        type == typeof(bool) ? nameof(Byte)
        : type == typeof(nint) || type.IsPointer || type.IsFunctionPointer || type.IsByRef || !type.IsValueType
            ? "address"
        : type.Name;
}
