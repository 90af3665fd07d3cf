/** IAM actions behind what the program asks and makes, as AWS's service authorization reference names them. */

/** By the program's question. */
export const QUESTIONS: Record<string, string[]> = {
  "aws:ec2/getAmi:getAmi": ["ec2:DescribeImages"],
  "aws:ec2/getInstanceType:getInstanceType": ["ec2:DescribeInstanceTypes"],
  "aws:ec2/getSubnet:getSubnet": ["ec2:DescribeSubnets"],
  // The provider looks up its attributes and its main table as well.
  "aws:ec2/getVpc:getVpc": ["ec2:DescribeVpcs", "ec2:DescribeVpcAttribute", "ec2:DescribeRouteTables"],
  "aws:index/getAvailabilityZones:getAvailabilityZones": ["ec2:DescribeAvailabilityZones"],
};

/** By type: what makes one, and what takes it away. */
export const CREATES: Record<string, string[]> = {
  "aws:cloudwatch/logGroup:LogGroup": [
    "logs:CreateLogGroup",
    "logs:PutRetentionPolicy",
    "logs:DeleteLogGroup",
  ],
  "aws:cloudwatch/metricAlarm:MetricAlarm": ["cloudwatch:PutMetricAlarm", "cloudwatch:DeleteAlarms"],
  // AWS's own, taken over: its rules go.
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": [
    "ec2:RevokeSecurityGroupIngress",
    "ec2:RevokeSecurityGroupEgress",
  ],
  "aws:ec2/eip:Eip": ["ec2:AllocateAddress", "ec2:ReleaseAddress"],
  "aws:ec2/eipAssociation:EipAssociation": ["ec2:AssociateAddress", "ec2:DisassociateAddress"],
  "aws:ec2/flowLog:FlowLog": ["ec2:CreateFlowLogs", "ec2:DeleteFlowLogs", "iam:PassRole"],
  "aws:ec2/instance:Instance": [
    ...["ec2:RunInstances", "ec2:CreateTags", "ec2:ModifyInstanceAttribute", "iam:PassRole"],
    "ec2:TerminateInstances",
  ],
  "aws:ec2/internetGateway:InternetGateway": [
    ...["ec2:CreateInternetGateway", "ec2:AttachInternetGateway"],
    ...["ec2:DetachInternetGateway", "ec2:DeleteInternetGateway"],
  ],
  "aws:ec2/networkInterface:NetworkInterface": [
    ...["ec2:CreateNetworkInterface", "ec2:ModifyNetworkInterfaceAttribute"],
    ...["ec2:DetachNetworkInterface", "ec2:DeleteNetworkInterface"],
  ],
  "aws:ec2/route:Route": ["ec2:CreateRoute", "ec2:ReplaceRoute", "ec2:DeleteRoute"],
  "aws:ec2/routeTable:RouteTable": ["ec2:CreateRouteTable", "ec2:DeleteRouteTable"],
  "aws:ec2/routeTableAssociation:RouteTableAssociation": [
    ...["ec2:AssociateRouteTable", "ec2:ReplaceRouteTableAssociation", "ec2:DisassociateRouteTable"],
  ],
  "aws:ec2/securityGroup:SecurityGroup": ["ec2:CreateSecurityGroup", "ec2:DeleteSecurityGroup"],
  "aws:ec2/subnet:Subnet": ["ec2:CreateSubnet", "ec2:ModifySubnetAttribute", "ec2:DeleteSubnet"],
  "aws:ec2/vpc:Vpc": ["ec2:CreateVpc", "ec2:ModifyVpcAttribute", "ec2:DeleteVpc"],
  "aws:iam/instanceProfile:InstanceProfile": [
    ...["iam:CreateInstanceProfile", "iam:AddRoleToInstanceProfile"],
    ...["iam:RemoveRoleFromInstanceProfile", "iam:DeleteInstanceProfile"],
  ],
  "aws:iam/role:Role": ["iam:CreateRole", "iam:TagRole", "iam:DeleteRole"],
  "aws:iam/rolePolicy:RolePolicy": ["iam:PutRolePolicy", "iam:DeleteRolePolicy"],
  "aws:lb/listener:Listener": [
    ...["elasticloadbalancing:CreateListener", "elasticloadbalancing:ModifyListenerAttributes"],
    "elasticloadbalancing:DeleteListener",
  ],
  "aws:lb/loadBalancer:LoadBalancer": [
    ...["elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:ModifyLoadBalancerAttributes"],
    ...["elasticloadbalancing:DeleteLoadBalancer", "iam:CreateServiceLinkedRole"],
  ],
  "aws:lb/targetGroup:TargetGroup": [
    ...["elasticloadbalancing:CreateTargetGroup", "elasticloadbalancing:ModifyTargetGroupAttributes"],
    "elasticloadbalancing:DeleteTargetGroup",
  ],
  "aws:lb/targetGroupAttachment:TargetGroupAttachment": [
    ...["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
  ],
  "aws:route53/healthCheck:HealthCheck": [
    ...["route53:CreateHealthCheck", "route53:UpdateHealthCheck", "route53:DeleteHealthCheck"],
    "route53:ChangeTagsForResource",
  ],
  "aws:route53/record:Record": ["route53:ChangeResourceRecordSets", "route53:GetChange"],
  "aws:secretsmanager/secret:Secret": ["secretsmanager:CreateSecret", "secretsmanager:DeleteSecret"],
  "aws:secretsmanager/secretVersion:SecretVersion": [
    ...["secretsmanager:PutSecretValue", "secretsmanager:GetSecretValue"],
    "secretsmanager:UpdateSecretVersionStage",
  ],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": [
    ...["ec2:AuthorizeSecurityGroupEgress", "ec2:ModifySecurityGroupRules", "ec2:RevokeSecurityGroupEgress"],
  ],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": [
    ...[
      "ec2:AuthorizeSecurityGroupIngress",
      "ec2:ModifySecurityGroupRules",
      "ec2:RevokeSecurityGroupIngress",
    ],
  ],
};
