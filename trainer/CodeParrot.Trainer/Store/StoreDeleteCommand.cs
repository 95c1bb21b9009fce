using System.CommandLine;
using CodeParrot.Checkpoints;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Spec;
using CodeParrot.Trainer.Hosting;

namespace CodeParrot.Trainer.Store;

/// <summary>
/// <c>trainer store delete</c>. All that it needs may stand in its arguments: it runs when the run, and with it every
/// file that a pod would mount, is being deleted.
/// </summary>
internal static class StoreDeleteCommand
{
    public static Command Create()
    {
        var run = new Option<string>("--run") { Description = "namespace/name of the run", Required = true };
        var uid = new Option<string>("--uid")
        {
            Description = "UID of the run; what a run of another UID owns is left alone",
            DefaultValueFactory = _ => "",
        };
        var store = new Option<string>("--store") { Description = "s3:// or file:// URI", Required = true };
        var endpoint = new Option<string>("--endpoint")
        {
            Description = "Address of an S3-compatible server; Amazon's unless set",
            DefaultValueFactory = _ => "",
        };
        var region = new Option<string>("--region")
        {
            Description = "Region that requests are signed for",
            DefaultValueFactory = _ => new StoreSpec().Region,
        };
        var pathStyle = new Option<bool>("--path-style")
        {
            Description = "Whether buckets stand in the path",
            DefaultValueFactory = _ => true,
        };
        var command = new Command("delete", "Delete all objects of the run")
        {
            run,
            uid,
            store,
            endpoint,
            region,
            pathStyle,
        };
        command.SetAction(
            (result, token) =>
                StoreTask.RunAsync(async environment =>
                {
                    var spec = new StoreSpec
                    {
                        Uri = result.GetRequiredValue(store),
                        Endpoint = result.GetRequiredValue(endpoint),
                        Region = result.GetRequiredValue(region),
                        PathStyle = result.GetRequiredValue(pathStyle),
                    };
                    var location = Location(result.GetRequiredValue(run));
                    using var opened = new StoreAccess(environment, TimeProvider.System).OpenArtifacts(spec);
                    var deletion = new RunDeletion(opened, location, TimeProvider.System);
                    return await deletion.RunAsync(result.GetRequiredValue(uid), token);
                })
        );
        return command;
    }

    private static RunLocation Location(string run) =>
        run.Split('/') is [{ Length: > 0 } space, { Length: > 0 } name]
            ? new RunLocation(space, name)
            : throw new ManifestException("--run", [new SpecMistake("", $"must be namespace/name, was '{run}'")]);
}
