using System.Buffers.Binary;
using System.Text;
using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Tests.Weights;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_sound_file_gives_its_tensors_and_metadata()
    {
        using var file = Open("""{"__metadata__":{"format":"mlx"},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}}""", [0, 0, 128, 63, 0, 0, 0, 64, 7, 8, 9]);

        Assert.Equal("mlx", file.Metadata["format"]);
        Assert.Equal([2, 1], file.Tensors["a"].Shape);
        Assert.Equal([1f, 2f], file.Tensors["a"].As<float>().ToArray());
        Assert.Equal(DType.U8, file.Tensors["b"].Type);
        Assert.Equal([7, 8, 9], file.Tensors["b"].As<byte>().ToArray());
    }

    [Fact]
    public void An_empty_tensor_is_allowed()
    {
        using var file = Open("""{"a":{"dtype":"F16","shape":[0,4],"data_offsets":[0,0]}}""", []);

        Assert.Equal(0, file.Tensors["a"].Count);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "'b' overlaps")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "4 bytes before tensor 'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 12, "4 bytes after the last tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "download it again")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "needs 12 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "not inside")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", 8, "not inside")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "extent -2")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,8]}}""", 8, "more elements")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}}""", 8, "at most 8 extents")]
    [InlineData("""{"a":{"dtype":"C64","shape":[1],"data_offsets":[0,8]}}""", 8, "type \"C64\"")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", 8, "data_offsets is missing")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "'a' is described twice")]
    [InlineData("""{"a":7}""", 0, "'a': dtype")]
    [InlineData("""[1]""", 0, "not a JSON object")]
    [InlineData("""{"a":""", 0, "not valid JSON")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "'a' is not a string")]
    [InlineData("""{} {}""", 0, "goes on after")]
    public void A_damaged_header_is_refused_by_file_and_fault(string header, int dataLength, string fault)
    {
        var error = Assert.Throws<CheckpointException>(() => Open(header, new byte[dataLength]));

        Assert.Contains("model.safetensors", error.Message, StringComparison.Ordinal);
        Assert.Contains(fault, error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(new byte[] { }, "shorter than the 8 bytes")]
    [InlineData(new byte[] { 1, 2, 3 }, "shorter than the 8 bytes")]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255 }, "at most")]
    [InlineData(new byte[] { 100, 0, 0, 0, 0, 0, 0, 0, (byte)'{' }, "claims 100 bytes")]
    public void A_file_without_a_whole_header_is_refused(byte[] content, string fault)
    {
        string path = _folder.Write("model.safetensors", content);

        Assert.Contains(fault, Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        string path = Path.Combine(_folder.Path, "none.safetensors");

        Assert.Contains("none.safetensors", Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_thousand_damaged_headers_are_read_or_refused_and_never_crash()
    {
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        byte[] sound = Bytes("""{"__metadata__":{"format":"mlx"},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}}""", new byte[11]);
        for (int round = 0; round < 10_000; round++)
        {
            byte[] damaged = [.. sound.Take(random.Next(4) == 0 ? random.Next(sound.Length) : sound.Length)];
            for (int flips = random.Next(1, 4); flips > 0 && damaged.Length > 0; flips--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            string path = _folder.Write("model.safetensors", damaged);
            try
            {
                using var file = SafetensorsFile.Open(path);
                Assert.All(file.Tensors.Values, tensor => Assert.True(tensor.ByteLength <= 11));
            }
            catch (CheckpointException fault)
            {
                Assert.Contains("model.safetensors", fault.Message, StringComparison.Ordinal);
            }
        }
    }

    private SafetensorsFile Open(string header, byte[] data) => SafetensorsFile.Open(_folder.Write("model.safetensors", Bytes(header, data)));

    private static byte[] Bytes(string header, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header), length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return [.. length, .. json, .. data];
    }
}
