using System.Text.Json.Nodes;

namespace CodeParrot.Api.Crd;

/// <summary>What <c>kubectl get trun</c> shows: scalars of the status, never a condition by its index.</summary>
internal static class PrinterColumns
{
    public static JsonArray All =>
        [
            Column("Phase", "string", ".status.phase", "Where the run is."),
            Column("Step", "integer", ".status.progress.step", "Finished steps, or items of a stage without steps."),
            Column("Loss", "number", ".status.progress.loss", "Training loss of the last finished step."),
            Column("Workers", "string", ".status.workers.summary", "Ranks that run, of those wanted."),
            Column("Restarts", "integer", ".status.restarts", "Restarts after failures, in all."),
            Column("Checkpoint", "string", ".status.latestCheckpoint", "Newest complete checkpoint."),
            Column("ETA", "string", ".status.progress.eta", "Time to the end of the stage."),
            Column("Age", "date", ".metadata.creationTimestamp", "Time since the run was created."),
        ];

    private static JsonObject Column(string name, string type, string path, string description) =>
        new()
        {
            ["name"] = name,
            ["type"] = type,
            ["jsonPath"] = path,
            ["description"] = description,
        };
}
