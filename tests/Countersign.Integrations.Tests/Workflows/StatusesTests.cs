using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Tests.Workflows;

public class StatusesTests
{
    [Fact]
    public void Every_status_reads_back_from_its_name()
    {
        foreach (var status in Enum.GetValues<AttemptStatus>())
        {
            Assert.True(AttemptStatus.TryRead(status.Name, out AttemptStatus read));
            Assert.Equal(status, read);
        }
        foreach (var status in Enum.GetValues<WorkflowStatus>())
        {
            Assert.True(WorkflowStatus.TryRead(status.Name, out WorkflowStatus read));
            Assert.Equal(status, read);
        }
    }
}
