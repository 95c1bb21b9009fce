using CodeParrot.Api.Status;
using CodeParrot.Integration.Tests.Operator.Kubelet;

namespace CodeParrot.Integration.Tests.Operator.Stories;

/// <summary>Namespaces that are deleted with all that is in them.</summary>
internal static class NamespaceStories
{
    public static Task A_namespace_goes_though_a_run_in_it_would_clean_up(Scene scene) =>
        GoesAsync(scene, """{ "retainArtifacts": false }""");

    public static Task A_namespace_goes_with_a_run_whose_artifacts_stay(Scene scene) => GoesAsync(scene, "{}");

    private static async Task GoesAsync(Scene scene, string spec)
    {
        var run = await scene.CreateAsync(spec, new PodScript(Trainers.TrainUpTo(100)));
        await run.UntilAsync(RunPhase.Running);

        await scene.Api.DeleteAsync($"api/v1/namespaces/{run.Namespace}");

        await scene.Api.WaitForAbsenceAsync($"api/v1/namespaces/{run.Namespace}");
    }
}
