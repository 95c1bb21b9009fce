using System.Text.Json.Nodes;

namespace CodeParrot.Simulation.Tests.ApiServer;

/// <summary>JSON merge patches (RFC 7386).</summary>
internal static class MergePatch
{
    /// <summary>Changes an object in place.</summary>
    public static void Apply(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                target.Remove(name);
            }
            else if (value is JsonObject inner)
            {
                Apply(target.Child(name), inner);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }
    }
}
