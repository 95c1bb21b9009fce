namespace CodeParrot.Storage.Tests;

public class StoreLocationTests
{
    [Theory]
    [InlineData("s3://bucket", "bucket", "", "s3://bucket")]
    [InlineData("s3://bucket/", "bucket", "", "s3://bucket")]
    [InlineData("S3://my-bucket/a/b/", "my-bucket", "a/b", "s3://my-bucket/a/b")]
    [InlineData("file:///data/store/", null, "/data/store", "file:///data/store")]
    [InlineData("file://localhost/data", null, "/data", "file:///data")]
    [InlineData("/data/../store", null, "/store", "file:///store")]
    public void Reads_buckets_and_directories(string uri, string? bucket, string path, string text)
    {
        var location = StoreLocation.Parse(uri);

        Assert.Equal((bucket, path, text), (location.Bucket, location.Path, location.ToString()));
        Assert.Equal(location, StoreLocation.Parse(location.ToString()));
    }

    [Fact]
    public void A_relative_path_is_taken_from_the_current_directory()
    {
        var location = StoreLocation.Parse("state/store");

        Assert.Equal(Path.Combine(Environment.CurrentDirectory, "state/store"), location.Path);
    }

    [Theory]
    [InlineData("")]
    [InlineData("http://host/bucket")]
    [InlineData("s3://")]
    [InlineData("s3://a/b")]
    [InlineData("s3://buc ket/b")]
    [InlineData("s3://bucket/a/../b")]
    [InlineData("file://host/dir")]
    public void Names_what_is_no_location(string uri)
    {
        Assert.Null(StoreLocation.TryParse(uri, out var error));
        Assert.NotEmpty(error);
        Assert.Throws<ArgumentException>(() => StoreLocation.Parse(uri));
    }

    [Theory]
    [InlineData("s3://bucket", "a/b", "s3://bucket/a/b")]
    [InlineData("s3://bucket/p", "a", "s3://bucket/p/a")]
    [InlineData("/data", "a", "file:///data/a")]
    [InlineData("/", "a", "file:///a")]
    [InlineData("/data", "", "file:///data")]
    public void Names_objects(string uri, string key, string expected)
    {
        Assert.Equal(expected, StoreLocation.Parse(uri).UriOf(key));
    }
}
